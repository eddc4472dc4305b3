"""What Redis does at once and whole: scripts in its Lua.

A room is four keys, which expire with it: a hash (expires, first, revision, size), a hash of its entries (kind and key,
with a NUL between them, to JSON; "" where it is deleted), a sorted set of their revisions, and a hash of how many of
each kind there are.
"""

CREATE = """
local code, expires, first = ARGV[1], ARGV[2], ARGV[3]
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', ARGV[5])
if redis.call('EXISTS', KEYS[1]) == 1 then return 'taken' end
if redis.call('ZCARD', KEYS[5]) >= tonumber(ARGV[4]) then return 'rooms' end
redis.call('DEL', unpack(KEYS, 1, 4))
local size = 0
for i = 6, #ARGV, 2 do
  local kind = string.match(ARGV[i], '^[^%z]*')
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[3], first, ARGV[i])
  redis.call('HINCRBY', KEYS[4], kind, 1)
  size = size + 63 + #ARGV[i] + #ARGV[i + 1]
end
redis.call('HSET', KEYS[1], 'expires', expires, 'first', first, 'revision', first, 'size', size)
redis.call('ZADD', KEYS[5], expires, code)
for i = 1, 4 do redis.call('PEXPIREAT', KEYS[i], string.format('%.0f', expires * 1000)) end
return 'made'
"""
"""Keys: the room's and that of all rooms. Arguments: code, expires, first, most rooms, now, then entry, text, ..."""
PUT = """
local room = redis.call('HMGET', KEYS[1], 'expires', 'revision', 'size')
if not room[1] then return {'gone', ''} end
local bounds, first = tonumber(ARGV[4]), 5
local most, more = {}, {}
for i = 1, bounds do
  most[ARGV[first]] = tonumber(ARGV[first + 1])
  first = first + 2
end
local before = tonumber(room[3])
local size = before
for i = first, #ARGV, 2 do
  local kind = string.match(ARGV[i], '^[^%z]*')
  local old, text = redis.call('HGET', KEYS[2], ARGV[i]), ARGV[i + 1]
  size = size + #text - (old and #old or -63 - #ARGV[i])
  local live = old and old ~= ''
  if text ~= '' and not live then more[kind] = (more[kind] or 0) + 1 end
  if text == '' and live then more[kind] = (more[kind] or 0) - 1 end
end
for kind, change in pairs(more) do
  local now = tonumber(redis.call('HGET', KEYS[4], kind) or 0)
  if most[kind] and change > 0 and now + change > most[kind] then return {'most', kind} end
end
if size > math.max(before, tonumber(ARGV[2])) then return {'size', ''} end
local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
redis.call('HSET', KEYS[1], 'size', size)
for kind, change in pairs(more) do redis.call('HINCRBY', KEYS[4], kind, change) end
for i = first, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[3], string.format('%.0f', revision), ARGV[i])
end
local ends = string.format('%.0f', room[1] * 1000)
for i = 2, 4 do redis.call('PEXPIREAT', KEYS[i], ends) end
redis.call('PUBLISH', ARGV[3], ARGV[1])
return {'put', revision}
"""
"""Keys: the room's. Arguments: code, most bytes, channel, number of bounds, kind, most, ..., then entry, text, ..."""
CHANGES = """
local room = redis.call('HMGET', KEYS[1], 'revision', 'first')
local since = tonumber(ARGV[1])
if not room[1] or (since > 0 and since < tonumber(room[2])) then return {} end
local said = {room[1]}
if since == 0 then
  local all = redis.call('HGETALL', KEYS[2])
  for i = 1, #all do said[i + 1] = all[i] end
elseif since < tonumber(room[1]) then
  for _, entry in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[1], '+inf')) do
    said[#said + 1] = entry
    said[#said + 1] = redis.call('HGET', KEYS[2], entry)
  end
end
return said
"""
"""Keys: the room's. Argument: since."""
DELETE = """
redis.call('DEL', unpack(KEYS, 1, 4))
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[1])
"""
"""Keys: the room's and that of all rooms. Arguments: code, channel."""
