-- expect: ok "ok"
-- An environment of its own, in which nothing is.
local news, text = require "news", tostring
local f = news.format { name = "hostile", extends = "text" }
function f.issue(_, out)
  local _ENV = { x = "o" }
  x = x .. "k"
  _ENV = nil
  out("ok")
  return text
end
f.issue = function(_, out) local _ENV <close> = nil out("ok") end
return f
