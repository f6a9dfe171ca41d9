package minareceiver

import "go.uber.org/zap"

// withinDescriptors bounds the files and connections that are open at once by what the
// process may have open, less a reserve for storage, exporters and other listeners.
func withinDescriptors(cfg Config, logger *zap.Logger) *Config {
	most, known := mostDescriptors()
	if !known {
		return &cfg // each open tells
	}
	connections := 0
	if http := cfg.HTTP.Get(); http != nil {
		connections = min(http.MaxConnections, shareOfConnections(most))
		if connections < http.MaxConnections {
			logger.Warn("http.max_connections is bounded by what the process may have open; raise that (ulimit -n, LimitNOFILE=)",
				zap.Int("descriptors", most), zap.Int("wanted", http.MaxConnections), zap.Int("bound", connections))
		}
		http.MaxConnections = connections
	}
	if file := cfg.File.Get(); file != nil {
		bound := min(file.MaxConcurrentFiles, shareOfFiles(most, connections))
		if bound < file.MaxConcurrentFiles {
			logger.Warn("file.max_concurrent_files is bounded by what the process may have open; raise that (ulimit -n, LimitNOFILE=). More files take turns",
				zap.Int("descriptors", most), zap.Int("wanted", file.MaxConcurrentFiles), zap.Int("bound", bound))
		}
		file.MaxConcurrentFiles = bound
	}
	return &cfg
}

// reserve is left for storage, the other listeners and, above all, what the exporters
// send at once: sixteen requests for each destination.
func reserve(descriptors int) int { return min(descriptors/2, 128) }

// shareOfConnections is a quarter of the descriptors that are not in reserve.
func shareOfConnections(descriptors int) int { return max(1, (descriptors-reserve(descriptors))/4) }

// shareOfFiles is what the connections leave.
func shareOfFiles(descriptors, connections int) int {
	return max(1, descriptors-reserve(descriptors)-connections)
}
