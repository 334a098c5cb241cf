-- expect: script 6 "no module"
-- Nor is a library of Lua's.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  require "io"
end
return f
