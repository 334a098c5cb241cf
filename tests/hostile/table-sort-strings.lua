-- expect: limit "steps"
-- Long strings that differ in nothing.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 100 do t[i] = ("x"):rep(60000) end
  while true do table.sort(t) end
end
return f
