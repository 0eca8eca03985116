good = "Ã©"
bad = "éÿ"
good = "â‚¬"
