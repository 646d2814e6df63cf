"""What somebody asks: which shape it has, its terms and connectors, the words it stands for."""
