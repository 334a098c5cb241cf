-- expect: limit "steps"
-- Is a long pattern a plain one?
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local pattern = ("x"):rep(1 << 20)
  while true do (""):find(pattern) end
end
return f
