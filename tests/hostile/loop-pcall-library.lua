-- expect: limit "steps"
-- Library functions called wrongly; finding their names takes long.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(string.rep) end
end
return f
