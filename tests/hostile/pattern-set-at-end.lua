-- expect: limit "steps"
-- A long set, reached where nothing is left to match.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local pattern = ("a?"):rep(30) .. "%f[%z][" .. ("x"):rep(1 << 19) .. "]"
  local subject = ("a"):rep(15)
  while true do subject:find(pattern) end
end
return f
