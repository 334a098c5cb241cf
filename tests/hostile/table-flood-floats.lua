-- expect: limit
-- The same with fractions.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 1 << 17 do t[2.0 ^ -(i % 1000) * (1 + i // 1000 * 2.0 ^ -40)] = true end
  while true do for i = 1, 1000 do local _ = t[2.0 ^ -i] end end
end
return f
