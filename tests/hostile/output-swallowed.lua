-- expect: limit "output"
-- The writer stays full, whatever is caught.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(out, ("x "):rep(4096)) end
end
return f
