-- expect: limit "steps"
-- Strings whose NULs Lua compares one by one.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a, b = ("\0"):rep(3 << 20) .. "a", ("\0"):rep(3 << 20) .. "b"
  while true do table.sort { a, b } end
end
return f
