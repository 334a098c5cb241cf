-- expect: limit
-- Wide fields, many of them.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t, fields = {}, ("%99s"):rep(100)
  while true do t[#t + 1] = fields:format(table.unpack({}, 1, 100)) end
end
return f
