local news = require "news"
local text = news.format { name = "text", extends = "text" }

function text.note(note, out)
  out(note.numbr, ". ", note.children)
end

return text
