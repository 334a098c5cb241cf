-- expect: limit "steps"
-- How wide is it?
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("x"):rep(1 << 20)
  while true do news.columns(s) end
end
return f
