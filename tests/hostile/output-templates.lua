-- expect: limit
-- Rendered by templates alone, over and over, and thrown away.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do out:capture(issue.children) end
end
return f
