-- expect: limit "steps"
-- Errors that are caught, one after the other.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(error) end
end
return f
