-- expect: limit "steps"
-- Global names, looked for far away.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for _ = 1, 90 do t = setmetatable({}, { __index = t }) end
  setmetatable(_ENV, { __index = t })
  while true do local _ = nowhere end
end
return f
