-- expect: limit "steps"
-- Has an entry of the list a body?
--|* 30000 - a\n
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
f.list = false
function f.issue(issue, out)
  local list = issue.intro[1]
  while true do out(list) end
end
return f
