-- expect: limit
-- Keys that are long and alike.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t, s = {}, ("x"):rep(30000)
  for i = 1, 200 do t[s .. i] = i end
  while true do for _ in pairs(t) do break end end
end
return f
