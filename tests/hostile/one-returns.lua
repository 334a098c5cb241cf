-- expect: limit "steps"
-- Many values, handed up from call to call.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 50000 do t[i] = i end
  local function down(n)
    if n == 0 then return table.unpack(t) end
    return n, down(n - 1)
  end
  while true do down(20000) end
end
return f
