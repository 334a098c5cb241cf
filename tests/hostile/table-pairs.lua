-- expect: limit "steps"
-- A large table put in order to visit one key.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 30000 do t["key " .. i] = i end
  while true do for _ in pairs(t) do break end end
end
return f
