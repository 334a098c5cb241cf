-- expect: limit "steps"
-- The issue, read over and over.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do
    local list = issue.sections[2].children
    for i = #list, 1, -1 do local _ = list[i].kind end
  end
end
return f
