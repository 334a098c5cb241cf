-- expect: limit "memory"
-- Each letter becomes thousands.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("x"):rep(10000)
  local _ = s:gsub("x", s)
end
return f
