-- expect: limit "steps"
-- No decimal digit stands in it.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("z"):rep(4 << 20)
  while true do local _ = tonumber(s, 36) end
end
return f
