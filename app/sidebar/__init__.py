"""The visitor's controls: quantities as rows, menus and buttons."""
