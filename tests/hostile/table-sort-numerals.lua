-- expect: limit "steps"
-- Long strings of digits, taken for numbers.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 10 do t[i] = ("0"):rep(500000) end
  while true do pcall(table.sort, t, math.max) end
end
return f
