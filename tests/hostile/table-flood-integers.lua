-- expect: limit
-- Numbers as keys that all fall on the same place.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t, step = {}, (1 << 17) - 1
  for i = 1, 1 << 17 do t[i * step] = true end
  while true do local _ = t[-step] end
end
return f
