-- expect: ok "changed"
-- What a script changes, it changes for itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  for _, library in pairs { string, table, math, utf8, coroutine } do
    for name in pairs(library) do library[name] = nil end
  end
  for name in pairs(_G) do if name ~= "_G" then _G[name] = nil end end
  out("changed")
end
return f
