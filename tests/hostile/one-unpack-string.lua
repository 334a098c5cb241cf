-- expect: limit "steps"
-- A string in a string, whose end is far.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("x"):rep(5 << 20) .. "\0"
  while true do string.unpack("z", s) end
end
return f
