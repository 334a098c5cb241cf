-- expect: limit "steps"
-- A string of digits, taken for a number by a loop.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("0"):rep(5 << 20)
  while true do pcall(function() for _ = 1.5, s do break end end) end
end
return f
