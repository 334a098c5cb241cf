-- expect: script 6 "renders this node inside itself"
-- A node inside itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  out(issue)
end
return f
