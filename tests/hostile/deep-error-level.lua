-- expect: limit
-- Blaming a caller who is far away.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function down(n)
    if n == 0 then while true do pcall(error, "x", 1 << 30) end end
    return 1 + down(n - 1)
  end
  down(100000)
end
return f
