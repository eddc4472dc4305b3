"""What a GPU has to show before anything is decided for it: `python -m benchmarks.gpu`.

`plan` says what is asked, the most valuable first; `equal`, `loops`, `whole` and `slider` measure it, in a process of
their own (`worker`) that is ended when a row, or everything (`keeper`), takes too long; `answers` draws conclusions.
"""
