-- expect: limit "steps"
-- Is the text of a link its address?
--|* 1 <https://a.example/
--|* 1000000 y
--| >
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
f.autolink = false
function f.issue(issue, out)
  local link = issue.links[1]
  while true do out(link) end
end
return f
