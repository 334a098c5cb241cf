-- expect: limit
-- Long work at the bottom of a deep stack.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function down(n)
    if n == 0 then while true do end end
    return 1 + down(n - 1)
  end
  down(100000)
end
return f
