-- expect: ok "none"
-- What would reach outside is not there.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  for _, name in ipairs { "io", "os", "debug", "load", "loadstring", "loadfile", "dofile", "package",
      "collectgarbage", "news", "module", "setfenv", "getfenv" } do
    if _G[name] ~= nil then error(name) end
  end
  if string.dump then error("dump") end
  out("none")
end
return f
