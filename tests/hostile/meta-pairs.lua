-- expect: ok "only a"
-- A metatable shows nothing but what was put into it.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = { a = 1 }
  setmetatable({}, meta)
  local names = {}
  for name in pairs(meta) do names[#names + 1] = name end
  out("only ", table.concat(names), tostring(next(meta)), tostring(next({})))
end
return f
