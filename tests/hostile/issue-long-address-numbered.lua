-- expect: limit "steps"
-- A long address, looked up again and again.
--|* 1 [a](https://a.example/
--|* 1000000 y
--| )
local news = require "news"
local f = news.format { name = "hostile", extends = "text", links = "end" }
function f.issue(issue, out)
  local link = issue.links[1]
  while true do out:ref(link) end
end
return f
