-- expect: limit "steps"
-- Every error is caught, and on it goes.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(function() while true do end end) end
end
return f
