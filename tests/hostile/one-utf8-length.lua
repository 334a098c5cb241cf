-- expect: limit "steps"
-- Characters, counted again and again.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("x"):rep(5 << 20)
  while true do utf8.len(s) end
end
return f
