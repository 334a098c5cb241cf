-- expect: ok "locked"
-- What the library shows has metatables that cannot be had.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  for _, v in ipairs { issue, issue.children, out, f, issue.date } do
    if getmetatable(v) then error(tostring(v)) end
  end
  for _, v in ipairs { issue, issue.children, out, f } do
    if pcall(rawset, v, 1, 1) or pcall(rawget, v, 1) then error(tostring(v)) end
    if pcall(setmetatable, v, {}) then error(tostring(v)) end
    if pcall(function() v.x = 1 end) then error(tostring(v)) end
  end
  out("locked")
end
return f
