-- expect: limit "steps"
-- Is anything in the link struck?
--|* 1 [
--|* 30000 `a` 
--| a](https://a.example/)
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
f.link_paragraph = false
function f.issue(issue, out)
  local paragraph = issue.intro[1]
  while true do out(paragraph) end
end
return f
