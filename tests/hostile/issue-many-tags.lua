-- expect: limit "steps"
-- Is the link alone between its tags?
--|* 15000 <sub></sub>
--| [a](https://a.example/)
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local link = issue.links[1]
  while true do out:alone(link) end
end
return f
