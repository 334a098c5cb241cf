-- expect: limit "steps"
-- Bytes that only continue, passed over each time.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = "x" .. ("\x80"):rep(5 << 20)
  local step = utf8.codes(s)
  while true do step(s, 1) end
end
return f
