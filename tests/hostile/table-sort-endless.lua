-- expect: limit 6 "steps"
-- A comparison that never ends.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  table.sort({ 2, 1 }, function() while true do end end)
end
return f
