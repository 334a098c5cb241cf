-- expect: limit "memory"
-- The same, again and again.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(string.pack, "c1000000000", "x") end
end
return f
