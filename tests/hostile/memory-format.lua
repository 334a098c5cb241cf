-- expect: limit
-- Wide fields, many of them.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  while true do t[#t + 1] = ("%99s"):rep(100):format(table.unpack(t, 1, 0), ("x"):rep(9), table.unpack({}, 1, 99)) end
end
return f
