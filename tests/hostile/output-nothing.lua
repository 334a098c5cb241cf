-- expect: limit "steps"
-- The whole issue, over and over, and nothing comes out.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
f.section = false
function f.item() end
function f.issue(issue, out)
  while true do out(issue.sections) end
end
return f
