-- Announces for wrk: each request another torrent of TORRENTS and another port, over keep-alive connections.
--   wrk -t1 -c64 -d10 -s bench/trackers/announce.lua http://127.0.0.1:6969
-- HASHES names a file of info-hashes, 40 hexadecimal digits a line, for a tracker that serves no others.
local torrents = tonumber(os.getenv("TORRENTS") or "100000")
local requests = {}

local function known()
  local path = os.getenv("HASHES")
  if not path then return nil end
  local hashes = {}
  for line in io.lines(path) do
    hashes[#hashes + 1] = line:gsub("..", "%%%0")
    if #hashes == torrents then break end
  end
  return hashes
end

local function made_up(number)
  local hash = string.format("%020d", number * 7919)
  return (hash:gsub("..", function(digits) return string.format("%%%02x", tonumber(digits) * 2 + 1) end)) ..
    "%f0%e1%d2%c3%b4%a5%96%87%78%69"
end

function init(args)
  math.randomseed(1)
  local hashes = known()
  for i = 1, 20000 do
    local hash = hashes and hashes[math.random(#hashes)] or made_up(math.random(torrents))
    requests[i] = wrk.format("GET", "/announce?info_hash=" .. hash ..
      "&peer_id=-OT0001-" .. string.format("%012d", i) .. "&port=" .. (1024 + i % 60000) ..
      "&uploaded=0&downloaded=0&left=" .. (i % 3) .. "&compact=1&numwant=50&key=" .. string.format("%08X", i))
  end
end

local next_request = 0
function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end
