-- expect: limit
-- Formats without end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do news.format { name = "a", extends = "html" } end
end
return f
