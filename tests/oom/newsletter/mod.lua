local words = require "news.words"
return { word = "word" .. words.superscript(2) }
