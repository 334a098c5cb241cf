local news = require "news"
local email = news.format { name = "email", extends = "email" }

function email.note_ref()
  repeat until false
end

return email
