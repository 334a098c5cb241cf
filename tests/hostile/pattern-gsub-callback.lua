-- expect: limit 6 "steps"
-- A replacement that never comes.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):gsub("a", function() while true do end end)
end
return f
