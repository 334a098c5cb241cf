-- expect: limit "steps"
-- The handler of an error goes on after the end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do
    xpcall(function() while true do end end, function() while true do end end)
  end
end
return f
