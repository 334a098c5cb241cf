-- expect: limit
-- The same, caught and begun again.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function down() return 1 + down() end
  while true do pcall(down) end
end
return f
